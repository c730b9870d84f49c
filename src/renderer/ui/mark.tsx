// The hearth: Hearth's mark. Decorative wherever it stands; the name stands beside it.

/** @param props.size edge length in px; 18 in the sidebar, 28 on the welcome page */
export function Mark({ size = 18 }: { size?: number }) {
  return (
    <svg className="mark" width={size} height={size} viewBox="0 0 20 20" fill="none" aria-hidden="true">
      <path d="M2.5 17.5V9a7.5 7.5 0 0 1 15 0v8.5" stroke="currentColor" strokeWidth="2" strokeLinecap="round" />
      <path
        d="M10 8.2c.4 2 3.2 3.2 3.2 6a3.2 3.2 0 0 1-6.4 0c0-1.3.7-2 1.3-2.7.3.9.8 1.2 1.2 1.2C9.9 11.3 9.5 9.8 10 8.2Z"
        fill="var(--ember)"
      />
    </svg>
  );
}
