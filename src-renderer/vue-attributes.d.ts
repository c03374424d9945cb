/** Attributes that Vue's own types leave out: every element and component may carry a test selector. */
export {};

declare module '@vue/runtime-dom' {
  interface HTMLAttributes {
    'data-testid'?: string | undefined;
    /** The page's filter field, which the window's search key moves to. */
    /** What a dialog puts the focus on when it opens. */
    'data-autofocus'?: boolean | '' | undefined;
    'data-filter'?: boolean | '' | undefined;
  }
}

declare module '@vue/runtime-core' {
  interface AllowedComponentProps {
    'data-testid'?: string | undefined;
    dataTestid?: string | undefined;
    'data-autofocus'?: boolean | '' | undefined;
  }
}
