// A new chat: one question, the composer, and a few ways to begin that really work.
import type { LucideIcon } from 'lucide-react';
import { Code, FileText, History, ListChecks, Mail } from 'lucide-react';
import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { TFunction } from 'i18next';
import type { BackendsStatus } from '../../../contract/backends.ts';
import type { ChatChoice, ConversationSummary } from '../../../contract/conversations.ts';
import { clockTime, dayGroup, getClient, isThisComputer } from '../../lib/index.ts';
import { Icon, Mark } from '../../ui/index.ts';
import { useSettings } from '../settings/index.ts';
import { Dock } from './dock.tsx';
import { isWithoutModel, NoModel } from './no-model.tsx';
import { awayHosts, nextOf } from './choice.ts';
import type { Rules } from './choice.ts';
import { useChatStore } from './store.ts';

export function EmptyState() {
  const { t, i18n } = useTranslation('chat');
  const backends = useChatStore((state) => state.backends);
  const choice = useChatStore((state) => state.newChoice);
  const rules = useSettings((state) => state.settings);
  const last = useLastChat();
  return (
    <div className="hello">
      <div className="hi col">
        <Mark size={32} />
        <h1>{t('empty.heading')}</h1>
        <p>
          {!backends ? (
            ' '
          ) : choice === null && isWithoutModel(backends) ? (
            <NoModel backends={backends} />
          ) : (
            whereItGoes(backends, choice, rules, t)
          )}
        </p>
      </div>
      <Dock place="inline" />
      <ul className="sugs col" aria-label={t('empty.suggestions')}>
        <Beginning of="text" icon={FileText} />
        <Beginning of="reply" icon={Mail} />
        <Beginning of="code" icon={Code} />
        {last ? (
          <Suggestion
            icon={History}
            title={t('empty.carryOn.title', { title: last.title })}
            hint={t('empty.carryOn.hint', { when: whenUsed(last.updatedAtMs, t, i18n.language) })}
            onUse={() => void useChatStore.getState().open(last.id)}
          />
        ) : (
          <Beginning of="plan" icon={ListChecks} />
        )}
      </ul>
    </div>
  );
}

interface SuggestionProps {
  icon: LucideIcon;
  title: string;
  hint: string;
  onUse: () => void;
}

function Suggestion({ icon, title, hint, onUse }: SuggestionProps) {
  return (
    <li>
      <button type="button" className="sug" onClick={onUse}>
        <Icon icon={icon} />
        <span className="sug-words">
          <b className="clip">{title}</b>
          <small className="clip">{hint}</small>
        </span>
      </button>
    </li>
  );
}

const BEGINNINGS = ['text', 'reply', 'code', 'plan'] as const;

/** Puts the beginning of a question into the composer, before what was written there, in place of another beginning. */
function Beginning({ of: name, icon }: { of: (typeof BEGINNINGS)[number]; icon: LucideIcon }) {
  const { t } = useTranslation('chat');
  const begin = () => {
    const { draft, setDraft, focusComposer } = useChatStore.getState();
    const other = BEGINNINGS.map((each) => t(`empty.${each}.draft`)).find((each) => draft.startsWith(each)) ?? '';
    setDraft(t(`empty.${name}.draft`) + draft.slice(other.length));
    focusComposer();
  };
  return <Suggestion icon={icon} title={t(`empty.${name}.title`)} hint={t(`empty.${name}.hint`)} onUse={begin} />;
}

/** The promise is made only where it holds for every engine that may answer. */
function whereItGoes(status: BackendsStatus, choice: ChatChoice | null, rules: Rules, t: TFunction<'chat'>): string {
  const away = awayHosts(status, choice, rules);
  if (away.length === 0) return t('empty.staysHere');
  const { backend } = nextOf(status, choice);
  if (!isThisComputer(backend?.host ?? null)) return t('empty.goesTo', { host: away[0] });
  return t('empty.mayGoTo', { hosts: away.join(', ') });
}

/** The chat that was used last; null when there is none or the history does not answer. */
function useLastChat(): ConversationSummary | null {
  const [last, setLast] = useState<ConversationSummary | null>(null);
  useEffect(() => {
    let isCurrent = true;
    getClient()
      .conversations.list({ limit: 1 })
      .then(({ items: [newest] }) => isCurrent && setLast(newest ?? null))
      // A suggestion less: the sidebar tells what is wrong with the history.
      .catch(() => isCurrent && setLast(null));
    return () => {
      isCurrent = false;
    };
  }, []);
  return last;
}

function whenUsed(atMs: number, t: TFunction<'chat'>, language: string): string {
  const { kind } = dayGroup(atMs, Date.now(), language);
  if (kind === 'today') return t('empty.carryOn.today', { time: clockTime(atMs) });
  if (kind === 'yesterday') return t('empty.carryOn.yesterday');
  const format: Intl.DateTimeFormatOptions =
    kind === 'week' ? { weekday: 'long' } : { day: 'numeric', month: 'long', year: 'numeric' };
  return t('empty.carryOn.on', { day: new Intl.DateTimeFormat(language, format).format(atMs) });
}
