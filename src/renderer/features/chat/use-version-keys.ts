// Alt+Left and Alt+Right: the other versions of the answer that has the focus, else of the last one that has any.
import { useEffect } from 'react';
import type { MessageId } from '../../../contract/ids.ts';
import { isMac, matchesShortcut } from '../../lib/index.ts';
import type { ChatState } from './store-state.ts';
import { useChatStore } from './store.ts';
import { STEP_KEYS } from './versions.tsx';

export function useVersionKeys(): void {
  useEffect(() => {
    const press = (event: KeyboardEvent) => {
      if (event.defaultPrevented || event.isComposing || !(event.target instanceof Element)) return;
      const by = STEP_KEYS.find(([shortcut]) => matchesShortcut(event, shortcut))?.[1];
      if (by === undefined || belongsToOthers(event.target)) return;
      const id = answerFor(useChatStore.getState(), event.target);
      if (id === undefined) return;
      event.preventDefault();
      void useChatStore.getState().showVersion(id, by);
    };
    document.addEventListener('keydown', press);
    return () => document.removeEventListener('keydown', press);
  }, []);
}

/** What floats above the chat has its own keys; on macOS these go word by word through what is being written. */
function belongsToOthers(target: Element): boolean {
  if (target.closest('[role="dialog"], [role="alertdialog"], [role="menu"]')) return true;
  return isMac && target.matches('textarea, input') && (target as HTMLInputElement).value !== '';
}

function answerFor({ order, messages }: ChatState, target: Element): MessageId | undefined {
  const hasVersions = (id: MessageId) => messages[id]?.role === 'assistant' && messages[id].versions !== undefined;
  const focused = target.closest<HTMLElement>('[data-answer]')?.dataset.answer;
  return order.find((id) => id === focused && hasVersions(id)) ?? order.findLast(hasVersions);
}
