export { type InsightsOptions, openInsights } from './insights.ts';
export type { ContextCard, Facts, Insights } from './interface.ts';
