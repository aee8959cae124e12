/** Pruning shears: the blade, the hook it cuts against, the pivot and two handles. `public/mark.svg` is the same. */
export function Mark({ size = 24 }: { size?: number }) {
  return (
    <svg width={size} height={size} viewBox="0 0 32 32" fill="none" aria-hidden="true" focusable="false">
      <rect width="32" height="32" rx="8" fill="var(--accent)" />
      <g
        transform="rotate(40 16 16) translate(2.1 1.6) scale(.88)"
        stroke="var(--panel)"
        strokeWidth="3.5"
        strokeLinecap="round"
      >
        <path
          d="M14.6 1C8.2 4.4 8 10.4 12.2 14.6l5-2.4c-2.6-3-3.4-6.8-2.6-11.2z"
          fill="var(--panel)"
          stroke="none"
        />
        <path d="M17.6 14c4.2-1.8 5.2-5.6 3.6-9.2" strokeWidth="2.4" />
        <path d="M17 13.4c-6 2.6-8 8.2-6.4 16.2M14.4 14.2c6.4 2 8.6 7.6 7 15.4" />
        <circle cx="15.6" cy="14.2" r="1.6" fill="var(--accent)" stroke="none" />
      </g>
    </svg>
  );
}
