/** The mark of Tagwerk: a tag with three lines of work. */
export function Mark() {
  return (
    <svg viewBox="0 0 24 24" className="size-6 shrink-0 text-accent" aria-hidden="true">
      <path
        fill="currentColor"
        d="M5 3h9.1c.6 0 1.1.3 1.5.7l6 7.3c.5.6.5 1.4 0 2l-6 7.3c-.4.4-.9.7-1.5.7H5a3 3 0 0 1-3-3v-1.5h8.5a1.25 1.25 0 0 0 0-2.5H2v-3h8.5a1.25 1.25 0 0 0 0-2.5H2V6a3 3 0 0 1 3-3Z"
      />
    </svg>
  )
}
