import { computed, type Ref } from 'vue';
import { useElementWidth } from './useElementWidth';

const PROBE = '0'.repeat(100);

/**
 * How many characters of code fit beside one another in an element, followed as it changes; undefined until it is laid
 * out. `aside` pixels are for the margin with the numbers, the padding and the scroll bar.
 */
export function useCodeColumns(
  element: Readonly<Ref<HTMLElement | null>>,
  { aside }: { readonly aside: number },
): Readonly<Ref<number | undefined>> {
  const width = useElementWidth(element);
  let character = 0;
  return computed(() => {
    if (width.value === 0 || element.value === null) return undefined;
    if (character === 0) character = widthOfCharacter(element.value);
    return character === 0 ? undefined : Math.floor((width.value - aside) / character);
  });
}

function widthOfCharacter(element: HTMLElement): number {
  const probe = document.createElement('span');
  probe.textContent = PROBE;
  probe.style.cssText = 'position:absolute;visibility:hidden;font-family:var(--font-code);font-size:var(--text-sm)';
  element.append(probe);
  const { width } = probe.getBoundingClientRect();
  probe.remove();
  return width / PROBE.length;
}
