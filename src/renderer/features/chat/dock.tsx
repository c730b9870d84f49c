// The composer joined to the stores, with what went wrong above it.
import { CircleAlert } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { i18n } from '../../lib/index.ts';
import { Note, offerUndo } from '../../ui/index.ts';
import { useSettings } from '../settings/index.ts';
import { Composer } from './composer.tsx';
import { Hint, KeysHint } from './hint.tsx';
import { LineDock } from './line-dock.tsx';
import { useLiveAnswers } from './live.ts';
import { ModelChip } from './model-chip.tsx';
import { startEditing, useLine } from './store-line.ts';
import { currentChoice } from './store-state.ts';
import { useChatStore } from './store.ts';

/** The button goes with its note; one goes on writing. */
function dismissTrouble(): void {
  useChatStore.getState().dismissTrouble();
  useChatStore.getState().focusComposer();
}

/** It comes back into the draft of its chat, before what was typed since. */
function offerLongBack(text: string): void {
  const { conversationId, giveBack } = useChatStore.getState();
  offerUndo({
    key: `long text:${conversationId}:${Date.now()}`,
    text: i18n.t('chat:composer.long.removed'),
    several: (count) => i18n.t('chat:composer.long.removedSeveral', { count }),
    undo: () => giveBack(conversationId, text),
  });
}

/** @param props.place `inline` in the middle of a new chat, `bottom` under a conversation */
export function Dock({ place }: { place: 'inline' | 'bottom' }) {
  const { t } = useTranslation('chat');
  const draft = useChatStore((state) => state.draft);
  const trouble = useChatStore((state) => state.trouble);
  const backends = useChatStore((state) => state.backends);
  const viewNumber = useChatStore((state) => state.viewNumber);
  const focusNumber = useChatStore((state) => state.focusNumber);
  const lastInLine = useLine(({ messages }) => messages.at(-1)?.id ?? null);
  const runningId = useChatStore((state) => state.running.at(-1) ?? null);
  const source = useLiveAnswers((all) => (runningId === null ? null : (all[runningId]?.message.source ?? null)));
  const isStopping = useLiveAnswers((all) => runningId !== null && (all[runningId]?.isStopping ?? false));
  const isRunning = runningId !== null;
  const isChanging = useLine(({ editing }) => editing !== null);
  const isFree = lastInLine === null;
  const setDraft = useChatStore((state) => state.setDraft);
  const send = useChatStore((state) => state.send);
  const stop = useChatStore((state) => state.stop);
  const choice = useChatStore(currentChoice);
  const rules = useSettings((state) => state.settings);
  const choose = useChatStore((state) => state.choose);
  const keepChoice = useChatStore((state) => state.keepChoice);
  const fetchModel = useChatStore((state) => state.fetchModel);
  const placeholder = isRunning
    ? t('composer.whileRunning')
    : place === 'inline'
      ? t('composer.askAnything')
      : t('composer.reply');
  return (
    <section
      className={place === 'inline' ? 'dock inline' : 'dock'}
      aria-label={t('composer.region')}
      data-region="composer"
    >
      <div className="col">
        {trouble ? (
          <div className="trouble" role="alert">
            <Note tone="bad" icon={CircleAlert} dismiss={{ label: t('composer.dismiss'), run: dismissTrouble }}>
              {trouble.message}
            </Note>
          </div>
        ) : null}
        <LineDock />
        <Composer
          // Another chat, another field: undo must not bring back the words of the one before.
          key={viewNumber}
          focusNumber={focusNumber}
          draft={draft}
          placeholder={placeholder}
          isRunning={isRunning}
          isStopping={isStopping}
          onDraft={setDraft}
          onSend={() => void send()}
          onStop={() => void stop()}
          onEditLast={isFree ? null : () => startEditing(lastInLine)}
          onLongRemoved={offerLongBack}
        >
          <ModelChip
            status={backends}
            choice={choice}
            rules={rules}
            onChoose={(wanted) => void choose(wanted)}
            onKeep={(wanted) => void keepChoice(wanted)}
            onFetch={(model) => void fetchModel(model)}
          />
        </Composer>
        {place === 'inline' ? (
          <KeysHint />
        ) : (
          <Hint
            {...{ choice, rules }}
            status={backends}
            running={isRunning ? { source } : null}
            enter={isChanging ? 'change' : draft.trim() === '' ? null : isRunning ? 'answer' : isFree ? null : 'line'}
          />
        )}
      </div>
    </section>
  );
}
