// More context for a model of this computer that had too little: by how much, what it takes, or why it can't have more.
import { type ReactNode, useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { AnswerSource, AnswerUsage } from '../../../contract/conversations.ts';
import type { ContextRoom, ContextRoomInput } from '../../../contract/models.ts';
import { asErrorInfo, bytesText, getClient, isThisComputer } from '../../lib/index.ts';
import { Button } from '../../ui/index.ts';
import { useChatStore } from './store.ts';

export interface MoreContextProps {
  question: ContextRoomInput;
  /** An answer that was cut is there; one that was refused is not. */
  isAnswered: boolean;
  onAskAgain: () => void;
  children?: ReactNode;
}

/** Nothing but what else there is until it is known, and where it is not. */
export function MoreContext({ question, isAnswered, onAskAgain, children }: MoreContextProps) {
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
    case 'can': {
      const tokens = room.tokens.toLocaleString();
      return (
        <>
          <Button size="sm" isBusy={state === 'asked'} onClick={() => void allow(room.tokens)}>
            {t(isAnswered ? 'room.enlarge' : 'room.allow', { tokens })}
          </Button>
          {children}
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
    }
    case 'memory':
      return (
        <>
          {children}
          <span className="remedy-words num">
            {t(room.needBytes === null ? 'room.noMemory' : 'room.memory', {
              tokens: room.tokens.toLocaleString(),
              needed: bytesText(room.needBytes ?? 0),
              free: bytesText(room.freeBytes),
            })}
          </span>
        </>
      );
    case 'model':
      return (
        <>
          <Button size="sm" onClick={startNew}>
            {t('room.newChat')}
          </Button>
          {children}
        </>
      );
    case 'allowed':
    case undefined:
      return children;
    default:
      return room satisfies never;
  }
}

/** Null until it is known, and for a model that is not here any more. */
function useContextRoom({ name, engine, setTokens, neededTokens }: ContextRoomInput): ContextRoom | null {
  const [room, setRoom] = useState<ContextRoom | null>(null);
  useEffect(() => {
    const life = new AbortController();
    getClient()
      .models.contextRoom({ name, engine, setTokens, neededTokens }, { signal: life.signal })
      .then(setRoom)
      // What helps nobody is not offered.
      .catch(() => setRoom(null));
    return () => life.abort();
  }, [name, engine, setTokens, neededTokens]);
  return room;
}

/** Below an answer whose engine had too little room for the prompt, or for the rest of the answer. */
export function Enlarge({
  source,
  usage,
  onAskAgain,
}: {
  source: AnswerSource | null;
  usage: AnswerUsage | null;
  onAskAgain: (() => void) | null;
}) {
  const setTokens =
    (usage?.wasPromptCut ? usage.contextTokens : null) ??
    (usage?.cut?.why === 'context' ? usage.cut.limitTokens : null) ??
    null;
  const model = source?.model ?? null;
  const engine = source === null ? null : engineHere(source);
  if (onAskAgain === null || setTokens === null || model === null || engine === null) return null;
  return (
    <div className="stopped">
      <MoreContext
        question={{ name: model, engine, setTokens, neededTokens: null }}
        isAnswered
        onAskAgain={onAskAgain}
      />
    </div>
  );
}

/** The engine of this computer whose context Hearth sets; null for others. */
export function engineHere({ kind, host }: Pick<AnswerSource, 'host'> & { kind: AnswerSource['kind'] | null }) {
  if (kind === 'llamacpp') return kind;
  return kind === 'ollama' && isThisComputer(host) ? kind : null;
}
