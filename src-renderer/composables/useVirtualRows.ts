import { computed, onBeforeUnmount, onMounted, ref, type ComputedRef, type Ref } from 'vue';

/** Browsers lay out nothing taller than about 33 million pixels; a longer list is scrolled in proportion. */
const TALLEST = 16_000_000;

export interface VirtualRows {
  /** Rows to draw: from `first` up to, not including, `end`. */
  readonly first: ComputedRef<number>;
  readonly end: ComputedRef<number>;
  /** Row elements that are enough for any place: reused in turn, scrolling makes and destroys none. */
  readonly slots: ComputedRef<number>;
  /** Height of the scrolled area in pixels. */
  readonly height: ComputedRef<number>;
  /** Where in the scrolled area a row lies, in pixels; the same at every scroll place but in lists beyond all measure. */
  readonly topOf: (index: number) => number;
  /** Whole rows that fit on the screen. */
  readonly pageRows: ComputedRef<number>;
  readonly width: Ref<number>;
  readonly onScroll: () => void;
  /** Scrolls as little as needed to have the row in view, or puts it in the middle. */
  readonly scrollTo: (index: number, align?: 'nearest' | 'center') => void;
}

/** Draws only what is in view of a list of rows of one height: 150,000 rows cost as much as forty. */
export function useVirtualRows(
  viewport: Readonly<Ref<HTMLElement | null>>,
  options: { readonly count: () => number; readonly rowHeight: number; readonly overscan?: number },
): VirtualRows {
  const { count, rowHeight, overscan = 8 } = options;
  const scrollTop = ref(0);
  const viewHeight = ref(0);
  const width = ref(0);

  const full = computed(() => count() * rowHeight);
  const height = computed(() => Math.min(full.value, TALLEST));
  /** Pixels of rows that one pixel of the scroll bar stands for. */
  const scale = computed(() =>
    height.value === full.value ? 1 : (full.value - viewHeight.value) / (height.value - viewHeight.value),
  );
  const top = computed(() => scrollTop.value * scale.value);
  const first = computed(() => Math.max(0, Math.min(Math.floor(top.value / rowHeight) - overscan, count() - 1)));
  const end = computed(() => Math.min(count(), Math.ceil((top.value + viewHeight.value) / rowHeight) + overscan));
  const slots = computed(() => Math.ceil(viewHeight.value / rowHeight) + 2 * overscan + 1);
  const shift = computed(() => scrollTop.value - top.value);
  const topOf = (index: number): number => index * rowHeight + shift.value;
  const pageRows = computed(() => Math.max(1, Math.floor(viewHeight.value / rowHeight) - 1));

  const onScroll = (): void => {
    scrollTop.value = viewport.value?.scrollTop ?? 0;
  };

  function scrollTo(index: number, align: 'nearest' | 'center' = 'nearest'): void {
    const element = viewport.value;
    if (element === null) return;
    const rowTop = index * rowHeight;
    const lowest = rowTop + rowHeight - element.clientHeight;
    const now = element.scrollTop * scale.value;
    if (align === 'nearest' && now <= rowTop && now >= lowest) return;
    const wanted = align === 'center' ? (rowTop + lowest) / 2 : now > rowTop ? rowTop : lowest;
    element.scrollTop = Math.max(0, wanted) / scale.value;
    onScroll();
  }

  let observer: ResizeObserver | undefined;
  const measure = (): void => {
    viewHeight.value = viewport.value?.clientHeight ?? 0;
    width.value = viewport.value?.clientWidth ?? 0;
    onScroll();
  };
  onMounted(() => {
    measure();
    if (viewport.value === null) return;
    observer = new ResizeObserver(measure);
    observer.observe(viewport.value);
  });
  onBeforeUnmount(() => observer?.disconnect());

  return { first, end, slots, height, topOf, pageRows, width, onScroll, scrollTo };
}
