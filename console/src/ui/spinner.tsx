/** A turning ring, for what takes less than a few seconds. Its owner says in words what is under way. */
export function Spinner({ className = '' }: { readonly className?: string }) {
  return (
    <svg
      viewBox="0 0 16 16"
      className={`size-4 animate-spin motion-reduce:animate-none ${className}`}
      aria-hidden="true"
    >
      <circle cx="8" cy="8" r="6" fill="none" stroke="currentColor" strokeOpacity="0.25" strokeWidth="2" />
      <path d="M14 8a6 6 0 0 0-6-6" fill="none" stroke="currentColor" strokeWidth="2" strokeLinecap="round" />
    </svg>
  )
}
