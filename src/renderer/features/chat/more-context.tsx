// Below an answer whose engine had too little room: by how much it can be enlarged, what that takes, or why it can't be.
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { AnswerSource, AnswerUsage } from '../../../contract/conversations.ts';
import type { ContextRoom, ContextRoomInput } from '../../../contract/models.ts';
import { asErrorInfo, bytesText, getClient } from '../../lib/index.ts';
import { Button } from '../../ui/index.ts';
import { engineHere } from './remedy.ts';
import { useChatStore } from './store.ts';
import { useContextRoom } from './use-context-room.ts';

export interface EnlargeProps {
  source: AnswerSource | null;
  usage: AnswerUsage | null;
  onAskAgain: (() => void) | null;
}

/** For the prompt, or for the rest of the answer. Nothing where the engine's context is not Hearth's to set. */
export function Enlarge({ source, usage, onAskAgain }: EnlargeProps) {
  const setTokens =
    (usage?.wasPromptCut ? usage.contextTokens : null) ??
    (usage?.cut?.why === 'context' ? usage.cut.limitTokens : null) ??
    null;
  const model = source?.model ?? null;
  const engine = source === null ? null : engineHere(source);
  if (onAskAgain === null || setTokens === null || model === null || engine === null) return null;
  return (
    <div className="stopped">
      <MoreRoom question={{ name: model, engine, setTokens, neededTokens: null }} onAskAgain={onAskAgain} />
    </div>
  );
}

function MoreRoom({ question, onAskAgain }: { question: ContextRoomInput; onAskAgain: () => void }) {
  const { t } = useTranslation('chat');
  const room = useContextRoom(question);
  const startNew = useChatStore((state) => state.startNew);
  const [state, setState] = useState<'asked' | { failed: string } | null>(null);
  const allow = async (tokens: number) => {
    setState('asked');
    try {
      await getClient().models.allowContext({ name: question.name, engine: question.engine, tokens });
      onAskAgain();
    } catch (error) {
      setState({ failed: asErrorInfo(error).message });
    }
  };
  switch (room?.type) {
    case 'can':
      return (
        <>
          <Button size="sm" isBusy={state === 'asked'} onClick={() => void allow(room.tokens)}>
            {t('room.enlarge', { tokens: room.tokens.toLocaleString() })}
          </Button>
          {room.moreBytes === null || room.moreBytes <= 0 ? null : (
            <span className="remedy-words num">{t('room.price', { size: bytesText(room.moreBytes) })}</span>
          )}
          {state !== null && state !== 'asked' ? (
            <span role="alert" className="remedy-words is-bad">
              {state.failed}
            </span>
          ) : null}
        </>
      );
    case 'memory':
      return <span className="remedy-words num">{t(...noMemory(room))}</span>;
    case 'model':
      return (
        <Button size="sm" onClick={startNew}>
          {t('room.newChat')}
        </Button>
      );
    case 'allowed':
    case undefined:
      return null;
    default:
      return room satisfies never;
  }
}

/** The words for a memory that has no room for more, with their numbers. */
export function noMemory({ tokens, needBytes, freeBytes }: Extract<ContextRoom, { type: 'memory' }>) {
  const words = { tokens: tokens.toLocaleString(), needed: bytesText(needBytes ?? 0), free: bytesText(freeBytes) };
  return [needBytes === null ? 'room.noMemory' : 'room.memory', words] as const;
}
