/** Local storage that may be missing, forbidden or full: none of that is an error. */
export interface Shelf {
  read(name: string): string | undefined;
  /** `undefined` removes. */
  write(name: string, text: string | undefined): void;
}

export const localShelf: Shelf = {
  read: (name) => attempt(() => localStorage.getItem(name)) ?? undefined,
  write: (name, text) =>
    void attempt(() =>
      text === undefined ? localStorage.removeItem(name) : localStorage.setItem(name, text),
    ),
};

function attempt<Result>(access: () => Result): Result | undefined {
  try {
    return access();
  } catch {
    return undefined;
  }
}
