// The door of the history: the list of chats in the sidebar.
export { HistoryList } from './history-list.tsx';
export { followHistory, useChatTitle } from './store.ts';
