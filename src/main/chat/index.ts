export { createChat } from './chat.ts';
export { createConversations } from './conversations.ts';
export type { Chat, Conversations } from './interface.ts';
