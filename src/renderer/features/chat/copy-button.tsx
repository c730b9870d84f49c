// Copying text, with a word that it happened.
import { Check, Copy } from 'lucide-react';
import { useEffect, useRef, useState } from 'react';
import { copyText } from '../../lib/index.ts';
import { Button, Icon, IconButton } from '../../ui/index.ts';

const COPIED_MS = 1_500;

export interface CopyProps {
  /** Asked for when it is needed. */
  text: () => string;
  label: string;
  copiedLabel: string;
}

/** A button with words. Both words are laid out, so that its width never changes. */
export function CopyButton({ text, label, copiedLabel, name }: CopyProps & { name: string }) {
  const { isCopied, copy } = useCopy(text);
  return (
    <Button variant="ghost" size="sm" className="copy" aria-label={isCopied ? copiedLabel : name} onClick={copy}>
      <span className="copy-words">
        <span data-shown={!isCopied}>
          <Icon icon={Copy} size={14} />
          {label}
        </span>
        <span data-shown={isCopied}>
          <Icon icon={Check} size={14} />
          {copiedLabel}
        </span>
      </span>
    </Button>
  );
}

export function CopyIconButton({ text, label, copiedLabel, size = 'md' }: CopyProps & { size?: 'sm' | 'md' }) {
  const { isCopied, copy } = useCopy(text);
  return (
    <IconButton size={size} icon={isCopied ? Check : Copy} label={isCopied ? copiedLabel : label} onClick={copy} />
  );
}

function useCopy(text: () => string) {
  const [isCopied, setCopied] = useState(false);
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  useEffect(() => () => clearTimeout(timer.current), []);
  const copy = async () => {
    const isDone = await copyText(text());
    clearTimeout(timer.current);
    setCopied(isDone);
    timer.current = setTimeout(() => setCopied(false), COPIED_MS);
  };
  return { isCopied, copy: () => void copy() };
}
