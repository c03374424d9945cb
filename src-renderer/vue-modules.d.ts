/** For tools that read TypeScript without Vue's compiler; vue-tsc sees each component's own types. */
declare module '*.vue' {
  import type { DefineComponent } from 'vue';

  const component: DefineComponent;
  // eslint-disable-next-line no-restricted-syntax -- a component is its module's default export
  export default component;
}
