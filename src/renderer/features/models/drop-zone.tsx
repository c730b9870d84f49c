// Files dropped anywhere on the window while the page is open.
import { FileInput } from 'lucide-react';
import { useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { pathOf } from '../../lib/index.ts';
import { Icon } from '../../ui/index.ts';

export interface DropZoneProps {
  /** The path of the file, or why there is none. */
  onDrop: (path: string) => void;
  onRefuse: (sentence: string) => void;
}

/** Draws itself over the window while files are held above it. */
export function DropZone({ onDrop, onRefuse }: DropZoneProps) {
  const { t } = useTranslation('models');
  const [isOver, setIsOver] = useState(false);
  const latest = useRef({ onDrop, onRefuse });
  useEffect(() => {
    latest.current = { onDrop, onRefuse };
  });
  useEffect(() => {
    const ends = new AbortController();
    const listen = (name: 'dragenter' | 'dragover' | 'dragleave' | 'drop', handle: (event: DragEvent) => void) =>
      window.addEventListener(
        name,
        (event) => {
          if (hasFiles(event)) handle(event);
        },
        { signal: ends.signal },
      );
    const hold = (event: DragEvent) => {
      event.preventDefault();
      // A dialog is a question of its own.
      const isBusy = document.querySelector('dialog[open]') !== null;
      if (event.dataTransfer) event.dataTransfer.dropEffect = isBusy ? 'none' : 'copy';
      setIsOver(!isBusy);
    };
    listen('dragenter', hold);
    listen('dragover', hold);
    listen('dragleave', (event) => {
      // Between elements of the page it enters another one; only out of the window it enters none.
      if (event.relatedTarget === null) setIsOver(false);
    });
    listen('drop', (event) => {
      event.preventDefault();
      setIsOver(false);
      if (document.querySelector('dialog[open]')) return;
      const files = [...(event.dataTransfer?.files ?? [])];
      const [file] = files;
      if (!file || files.length > 1) return latest.current.onRefuse(t('drop.one'));
      const path = pathOf(file);
      return path === null ? latest.current.onRefuse(t('drop.noPath')) : latest.current.onDrop(path);
    });
    return () => ends.abort();
  }, [t]);
  if (!isOver) return null;
  return (
    <div className="drop" aria-hidden="true">
      <div>
        <Icon icon={FileInput} size={20} />
        <b>{t('drop.title')}</b>
        <span>{t('drop.help')}</span>
      </div>
    </div>
  );
}

function hasFiles(event: DragEvent): boolean {
  return event.dataTransfer?.types.includes('Files') ?? false;
}
