/** The shop's sign: a door, a hand's breadth open. */
export function Mark({ className = '' }: { readonly className?: string }) {
  return (
    <svg viewBox="0 0 32 32" aria-hidden className={className}>
      <path
        d="M4 29V5.5A2.5 2.5 0 0 1 6.5 3h19A2.5 2.5 0 0 1 28 5.5V29"
        className="fill-none stroke-ink"
        strokeWidth="2.6"
        strokeLinecap="round"
      />
      <path d="M9 29V8.2c0-.7.6-1.2 1.3-1.1l9.7 1.9V29z" className="fill-vermilion" />
      <circle cx="16.8" cy="18.6" r="1.5" className="fill-ground" />
      <path d="M1.5 29h29" className="stroke-ink" strokeWidth="2.6" strokeLinecap="round" />
    </svg>
  );
}
