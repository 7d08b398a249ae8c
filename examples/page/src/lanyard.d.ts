/** Which server the page asks and with which client key, as `vite.config.ts` was told. */
declare const LANYARD: { readonly url: string; readonly key: string };
