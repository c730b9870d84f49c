// The door of the chat: the pane, and the store that says which conversation is open.
export { ChatView } from './chat-view.tsx';
export { useChatStore } from './store.ts';
