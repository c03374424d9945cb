import type { DropdownMenuItem } from '@nuxt/ui/components/DropdownMenu.vue';

/** One line of a menu. */
export interface MenuItem {
  readonly label: string;
  readonly icon?: string;
  readonly disabled?: boolean;
  readonly danger?: boolean;
  /** Keys shown beside it, such as `['enter']`. */
  readonly keys?: readonly string[];
  readonly testid?: string;
  readonly run: () => void;
}

/** Groups of lines, set apart by a rule, as the menus of Nuxt UI take them. */
export function toMenuItems(groups: readonly (readonly MenuItem[])[]): DropdownMenuItem[][] {
  return groups.map((group) =>
    group.map((item) => ({
      label: item.label,
      ...(item.icon === undefined ? {} : { icon: item.icon }),
      ...(item.keys === undefined ? {} : { kbds: [...item.keys] }),
      ...(item.danger === true ? { color: 'error' as const } : {}),
      ...(item.testid === undefined ? {} : { 'data-testid': item.testid }),
      disabled: item.disabled === true,
      onSelect: item.run,
    })),
  );
}
