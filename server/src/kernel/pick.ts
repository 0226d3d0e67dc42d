/** The values of `ids` in a map, in the order of the ids; those that are not there are left out. */
export function pick<T>(all: ReadonlyMap<string, T>, ids: Iterable<string>): NonNullable<T>[] {
  return [...ids].flatMap((id) => all.get(id) ?? []);
}
