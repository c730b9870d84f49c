// The messages in line, above the composer: which is next, what they wait for, and how to change them or take them out.
import { X } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import type { ErrorInfo } from '../../../contract/errors.ts';
import type { LineId } from '../../../contract/ids.ts';
import type { InLine, LineWait } from '../../../contract/line.ts';
import { Button, IconButton } from '../../ui/index.ts';
import { InLineField } from './in-line-field.tsx';
import { isLong } from './long-text.ts';

export interface InLineListProps {
  messages: readonly InLine[];
  waitsFor: LineWait;
  problem: ErrorInfo | null;
  /** On their way to main, behind the others. */
  unsent: readonly string[];
  /** The one that is changed here. */
  editing: LineId | null;
  onEdit: (id: LineId) => void;
  /** See `InLineField`. */
  onKeep: (message: InLine, text: string) => Promise<boolean>;
  onCancel: (id: LineId) => void;
  onLost: (message: InLine, text: string) => void;
  onRemove: (message: InLine) => void;
  onSendNow: () => void;
}

/** Nothing where nothing is in line. */
export function InLineList(props: InLineListProps) {
  const { messages, waitsFor, problem, unsent, editing, onEdit, onKeep, onCancel, onLost, onRemove, onSendNow } = props;
  const { t } = useTranslation('chat');
  if (messages.length === 0 && unsent.length === 0) return null;
  const place = (index: number) => t(index === 0 ? 'line.next' : 'line.then');
  return (
    <section className="in-line" aria-label={t('line.label')}>
      {messages.length > 0 && waitsFor !== 'answer' && !(waitsFor === 'edit' && editing === messages[0]?.id) ? (
        <div className="in-line-why">
          <span className="grow" role="status">
            {t(`line.waits.${waitsFor}`)}
            {waitsFor === 'refused' && problem ? ` ${problem.message}` : null}
          </span>
          {waitsFor === 'edit' ? null : (
            <Button size="sm" onClick={onSendNow}>
              {t('line.sendNow')}
            </Button>
          )}
        </div>
      ) : null}
      <ol>
        {messages.map((message, index) => (
          <li key={message.id}>
            <span className="in-line-place">{place(index)}</span>
            {message.id === editing ? (
              <InLineField message={message} onKeep={onKeep} onCancel={onCancel} onLost={onLost} />
            ) : isLong(message.text) ? (
              <>
                <bdi className="in-line-words clip">{beginningOf(message.text)}</bdi>
                <IconButton size="sm" icon={X} label={t('line.remove')} onClick={() => onRemove(message)} />
              </>
            ) : (
              <>
                <button
                  type="button"
                  className="in-line-words"
                  data-tip={t('line.change')}
                  aria-description={t('line.change')}
                  onClick={() => onEdit(message.id)}
                >
                  <bdi className="clip">{beginningOf(message.text)}</bdi>
                </button>
                <IconButton size="sm" icon={X} label={t('line.remove')} onClick={() => onRemove(message)} />
              </>
            )}
          </li>
        ))}
        {unsent.map((text, index) => (
          // oxlint-disable-next-line react/no-array-index-key -- they leave in their order, from the first
          <li key={index}>
            <span className="in-line-place">{place(messages.length + index)}</span>
            <bdi className="in-line-words clip">{beginningOf(text)}</bdi>
          </li>
        ))}
      </ol>
    </section>
  );
}

/** As much as fits a line: megabytes would stop the window. */
function beginningOf(text: string): string {
  return text.slice(0, 300).replace(/\s+/g, ' ').trim();
}
