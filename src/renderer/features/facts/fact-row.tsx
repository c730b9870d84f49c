// One fact: its words, since when and from where, whether models are told it; edited in its place.
import { Pencil, Trash2 } from 'lucide-react';
import { useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Fact } from '../../../contract/facts.ts';
import { FACT_MAX_CHARS } from '../../../contract/limits.ts';
import type { ConversationId } from '../../../contract/ids.ts';
import { Field, IconButton, Switch } from '../../ui/index.ts';

export interface FactRowProps {
  fact: Fact;
  onEdit: (patch: { text?: string; isOn?: boolean }) => void;
  onRemove: () => void;
  onOpenChat: (id: ConversationId) => void;
}

export function FactRow({ fact, onEdit, onRemove, onOpenChat }: FactRowProps) {
  const { t, i18n } = useTranslation('facts');
  const [isEditing, setIsEditing] = useState(false);
  const edit = useRef<HTMLButtonElement>(null);
  const { text, isOn, createdAtMs, source } = fact;
  const day = new Intl.DateTimeFormat(i18n.language, { dateStyle: 'medium' }).format(createdAtMs);
  const finish = (written: string, by: 'key' | 'blur') => {
    setIsEditing(false);
    if (written !== '' && written !== text) onEdit({ text: written });
    if (by === 'key') edit.current?.focus();
  };
  return (
    <div className="li">
      <div className="grow">
        {isEditing ? (
          <EditField text={text} onDone={finish} />
        ) : (
          <span className={isOn ? 'fact-text' : 'fact-text is-off'}>{text}</span>
        )}
        <small className="num">
          {t('row.noted', { day })}
          {source ? (
            <>
              {' · '}
              <button
                type="button"
                className="fact-link"
                aria-label={t('row.openChatOf', { text })}
                onClick={() => onOpenChat(source.conversationId)}
              >
                {t('row.openChat')}
              </button>
            </>
          ) : null}
          {isOn ? null : ` · ${t('row.off')}`}
        </small>
      </div>
      <IconButton
        ref={edit}
        size="sm"
        icon={Pencil}
        label={t('row.edit', { text })}
        aria-expanded={isEditing}
        onClick={() => setIsEditing(true)}
      />
      <IconButton size="sm" icon={Trash2} label={t('row.remove', { text })} onClick={onRemove} />
      <Switch label={t('row.use', { text })} isOn={isOn} onChange={(next) => onEdit({ isOn: next })} />
    </div>
  );
}

/** Enter and leaving it keep what was written, Esc does not. */
function EditField({ text, onDone }: { text: string; onDone: (text: string, by: 'key' | 'blur') => void }) {
  const { t } = useTranslation('facts');
  const [written, setWritten] = useState(text);
  // Leaving the page with the field blurs it once more.
  const isOver = useRef(false);
  const finish = (last: string, by: 'key' | 'blur') => {
    if (isOver.current) return;
    isOver.current = true;
    onDone(last.trim(), by);
  };
  return (
    <Field
      ref={selectAll}
      size="sm"
      label={t('row.field')}
      value={written}
      maxLength={FACT_MAX_CHARS}
      spellCheck
      onChange={(event) => setWritten(event.target.value)}
      onBlur={() => finish(written, 'blur')}
      onKeyDown={(event) => {
        if (event.nativeEvent.isComposing) return;
        if (event.key !== 'Enter' && event.key !== 'Escape') return;
        // Else Esc would leave the page, and Enter press what takes the focus.
        event.preventDefault();
        event.stopPropagation();
        finish(event.key === 'Enter' ? written : text, 'key');
      }}
    />
  );
}

function selectAll(input: HTMLInputElement | null): void {
  input?.focus();
  input?.select();
}
