/** Attributes that Vue's own types leave out: every element and component may carry a test selector. */
import 'vue';

declare module 'vue' {
  interface HTMLAttributes {
    'data-testid'?: string | undefined;
  }
  interface SVGAttributes {
    'data-testid'?: string | undefined;
  }
  interface AllowedComponentProps {
    'data-testid'?: string | undefined;
    dataTestid?: string | undefined;
  }
}
