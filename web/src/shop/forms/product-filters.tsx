/** What the list of products is searched for and sorted by. */
import { Check, Search } from 'lucide-react';
import { useEffect, useEffectEvent, useState } from 'react';
import { useTranslations } from 'use-intl';
import { type HomeSearch, SORTS } from '../search.ts';

const TYPING_MS = 250;
const FIELD = 'min-h-12 rounded-control border border-line-strong bg-surface text-base transition-colors hover:border-ink';

interface ProductFiltersProps {
  readonly value: HomeSearch;
  readonly onChange: (value: HomeSearch) => void;
}

export function ProductFilters({ value, onChange }: ProductFiltersProps) {
  const t = useTranslations('home');
  const sorts = useTranslations('sort');
  const { search: _search, sort: _sort, inStock: _inStock, ...none } = value;
  const put = ({ search = '', sort = 'newest', inStock }: HomeSearch): void =>
    onChange({ ...none, ...(search === '' ? {} : { search }), ...(sort === 'newest' ? {} : { sort }), ...(inStock ? { inStock } : {}) });
  return (
    <form role="search" className="flex flex-wrap gap-3" onSubmit={(event) => event.preventDefault()}>
      <SearchField text={value.search ?? ''} onSearch={(search) => put({ ...value, search })} />
      <label className="flex-1 sm:flex-none">
        <span className="sr-only">{t('sort')}</span>
        <select
          className={`${FIELD} w-full px-4`}
          value={value.sort ?? 'newest'}
          onChange={({ target }) => put({ ...value, sort: SORTS.find((sort) => sort === target.value) ?? 'newest' })}
        >
          {SORTS.map((sort) => (
            <option key={sort} value={sort}>
              {sorts(sort)}
            </option>
          ))}
        </select>
      </label>
      <label
        className={`${FIELD} flex cursor-pointer items-center gap-2.5 px-4 has-checked:border-indigo has-checked:bg-indigo-wash has-checked:text-indigo has-focus-visible:outline-3 has-focus-visible:outline-offset-3 has-focus-visible:outline-indigo`}
      >
        <input
          type="checkbox"
          className="peer sr-only"
          checked={value.inStock === true}
          onChange={({ target }) => {
            const { inStock: _before, ...rest } = value;
            put(target.checked ? { ...rest, inStock: true } : rest);
          }}
        />
        <span
          aria-hidden
          className="grid size-5 place-items-center rounded-[5px] border-[1.5px] border-current *:opacity-0 peer-checked:*:opacity-100"
        >
          <Check className="size-4 stroke-[3.5]" />
        </span>
        {t('inStock')}
      </label>
    </form>
  );
}

/** Searches a moment after the last letter, so that a word is one search. */
function SearchField({ text, onSearch }: { readonly text: string; readonly onSearch: (text: string) => void }) {
  const t = useTranslations('home');
  const [typed, setTyped] = useState(text);
  const [shown, setShown] = useState(text);
  // Going back in the browser changes the address, and the field follows.
  if (text !== shown) {
    setShown(text);
    setTyped(text);
  }
  const search = useEffectEvent(onSearch);
  useEffect(() => {
    if (typed.trim() === text) return undefined;
    const timer = setTimeout(() => search(typed.trim()), TYPING_MS);
    return () => clearTimeout(timer);
  }, [typed, text]);
  return (
    <label
      className={`${FIELD} flex basis-full items-center gap-2 px-4 has-focus-visible:outline-3 has-focus-visible:outline-offset-3 has-focus-visible:outline-indigo sm:flex-1`}
    >
      <Search aria-hidden className="size-5 text-soft" />
      <span className="sr-only">{t('search')}</span>
      <input
        type="search"
        className="min-h-11 flex-1 bg-transparent outline-none placeholder:text-soft"
        placeholder={t('searchPlaceholder')}
        maxLength={200}
        value={typed}
        onChange={({ target }) => setTyped(target.value)}
      />
    </label>
  );
}
