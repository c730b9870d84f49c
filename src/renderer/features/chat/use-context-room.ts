// Whether a model of this computer can have more context, as main measures it.
import { useEffect, useState } from 'react';
import type { ContextRoom, ContextRoomInput } from '../../../contract/models.ts';
import { getClient } from '../../lib/index.ts';

/** Null until it is known, for a model that is not here any more, and for no question. */
export function useContextRoom(question: ContextRoomInput | null): ContextRoom | null {
  const [room, setRoom] = useState<ContextRoom | null>(null);
  const { name, engine, setTokens, neededTokens } = question ?? {};
  useEffect(() => {
    if (name === undefined || setTokens === undefined) return undefined;
    const life = new AbortController();
    getClient()
      .models.contextRoom({ name, engine, setTokens, neededTokens: neededTokens ?? null }, { signal: life.signal })
      .then(setRoom)
      // What helps nobody is not offered.
      .catch(() => setRoom(null));
    return () => life.abort();
  }, [name, engine, setTokens, neededTokens]);
  return question === null ? null : room;
}
