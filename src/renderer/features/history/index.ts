// The door of the history: the list of chats in the sidebar, the title of the open one, and the bin.
export { BinPage } from './bin-page.tsx';
export { ChatTitle } from './chat-title.tsx';
export { daysLeft } from './days-left.ts';
export { HistoryList } from './history-list.tsx';
export { followHistory, useChatTitle } from './store.ts';
