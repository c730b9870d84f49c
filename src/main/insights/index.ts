export { type InsightsOptions, openInsights } from './insights.ts';
export type { CardAsking, ContextCard } from './card.ts';
export type { Facts, Insights } from './interface.ts';
