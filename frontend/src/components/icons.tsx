import type { ReactNode } from 'react';

interface Props {
  size?: number;
}

function Icon({ size = 16, children }: Props & { children: ReactNode }) {
  return (
    <svg
      width={size}
      height={size}
      viewBox="0 0 16 16"
      fill="none"
      stroke="currentColor"
      strokeWidth="1.4"
      strokeLinecap="round"
      strokeLinejoin="round"
      aria-hidden="true"
      focusable="false"
    >
      {children}
    </svg>
  );
}

export function SunIcon({ size }: Props) {
  return (
    <Icon size={size}>
      <circle cx="8" cy="8" r="2.8" />
      <path d="M8 1.2v1.4M8 13.4v1.4M1.2 8h1.4M13.4 8h1.4M3.2 3.2l1 1M11.8 11.8l1 1M12.8 3.2l-1 1M4.2 11.8l-1 1" />
    </Icon>
  );
}

export function MoonIcon({ size }: Props) {
  return (
    <Icon size={size}>
      <path d="M13.5 9.6A5.8 5.8 0 0 1 6.4 2.5a5.8 5.8 0 1 0 7.1 7.1z" />
    </Icon>
  );
}

export function ScreenIcon({ size }: Props) {
  return (
    <Icon size={size}>
      <rect x="1.8" y="2.6" width="12.4" height="8.6" rx="1.4" />
      <path d="M5.6 13.8h4.8M8 11.2v2.6" />
    </Icon>
  );
}

export function CopyIcon({ size }: Props) {
  return (
    <Icon size={size}>
      <rect x="5.4" y="5.4" width="8.4" height="8.4" rx="1.6" />
      <path d="M10.6 5.4V3.8a1.6 1.6 0 0 0-1.6-1.6H3.8a1.6 1.6 0 0 0-1.6 1.6V9a1.6 1.6 0 0 0 1.6 1.6h1.6" />
    </Icon>
  );
}

export function CheckIcon({ size }: Props) {
  return (
    <Icon size={size}>
      <path d="m3 8.6 3.4 3.4L13 4.6" />
    </Icon>
  );
}

export function TerminalIcon({ size }: Props) {
  return (
    <Icon size={size}>
      <path d="m2.8 4 4 4-4 4M8.4 12.4h4.8" />
    </Icon>
  );
}

export function InfoIcon({ size }: Props) {
  return (
    <Icon size={size}>
      <circle cx="8" cy="8" r="6.2" />
      <path d="M8 7.4v3.4M8 5.1v.1" />
    </Icon>
  );
}

export function ChartIcon({ size }: Props) {
  return (
    <Icon size={size}>
      <path d="M2.4 2.4v11.2h11.2M5 10l2.6-3 2 1.8L13 4.8" />
    </Icon>
  );
}

export function TableIcon({ size }: Props) {
  return (
    <Icon size={size}>
      <rect x="2" y="2.8" width="12" height="10.4" rx="1.4" />
      <path d="M2 6.3h12M2 9.8h12M6.4 6.3v6.9" />
    </Icon>
  );
}

export function WarnIcon({ size }: Props) {
  return (
    <Icon size={size}>
      <path d="M8 2 14.4 13.4H1.6z" />
      <path d="M8 6.4v3.2M8 11.5v.1" />
    </Icon>
  );
}

export function CutIcon({ size }: Props) {
  return (
    <Icon size={size}>
      <circle cx="4" cy="4.2" r="1.9" />
      <circle cx="4" cy="11.8" r="1.9" />
      <path d="M5.5 5.4 13.6 12M5.5 10.6 13.6 4" />
    </Icon>
  );
}

export function KeptIcon({ size }: Props) {
  return (
    <Icon size={size}>
      <path d="M2.6 13.4C2.6 6.8 6.4 3 13.4 2.6 13.4 9.6 9.6 13 4.6 11.6M2.6 13.4 8.4 7.6" />
    </Icon>
  );
}

export function SearchIcon({ size }: Props) {
  return (
    <Icon size={size}>
      <circle cx="7" cy="7" r="4.4" />
      <path d="m10.4 10.4 3.2 3.2" />
    </Icon>
  );
}

export function PauseIcon({ size }: Props) {
  return (
    <Icon size={size}>
      <path d="M5.4 3.2v9.6M10.6 3.2v9.6" />
    </Icon>
  );
}

export function PlayIcon({ size }: Props) {
  return (
    <Icon size={size}>
      <path d="M4.6 2.9v10.2L12.8 8z" />
    </Icon>
  );
}

export function LinkIcon({ size }: Props) {
  return (
    <Icon size={size}>
      <path d="M6.6 9.4a2.7 2.7 0 0 0 3.8 0l2.4-2.4A2.7 2.7 0 0 0 9 3.2l-.9.9M9.4 6.6a2.7 2.7 0 0 0-3.8 0L3.2 9A2.7 2.7 0 0 0 7 12.8l.9-.9" />
    </Icon>
  );
}

export function UserIcon({ size }: Props) {
  return (
    <Icon size={size}>
      <circle cx="8" cy="5.4" r="2.8" />
      <path d="M2.8 14c.5-3 2.4-4.6 5.2-4.6s4.7 1.6 5.2 4.6" />
    </Icon>
  );
}

export function ExitIcon({ size }: Props) {
  return (
    <Icon size={size}>
      <path d="M9.8 5V3.4a1 1 0 0 0-1-1H3.6a1 1 0 0 0-1 1v9.2a1 1 0 0 0 1 1h5.2a1 1 0 0 0 1-1V11M6.4 8h7.2M11.4 5.8 13.6 8l-2.2 2.2" />
    </Icon>
  );
}

export function CloseIcon({ size }: Props) {
  return (
    <Icon size={size}>
      <path d="m4 4 8 8M12 4l-8 8" />
    </Icon>
  );
}
