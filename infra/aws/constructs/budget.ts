import { CfnBudget } from 'aws-cdk-lib/aws-budgets'
import type { Construct } from 'constructs'
import type { StageConfig } from '../config.ts'

/** Tells somebody when a month is going to cost more than a stage may: by the tag that all of it has. */
export const budget = (scope: Construct, { stage, budgetDollarsAMonth, alertEmail }: StageConfig): CfnBudget => {
  const subscribers = [{ subscriptionType: 'EMAIL', address: alertEmail }]
  const beyond = (notificationType: string, threshold: number) => ({
    notification: { notificationType, threshold, comparisonOperator: 'GREATER_THAN', thresholdType: 'PERCENTAGE' },
    subscribers,
  })
  return new CfnBudget(scope, 'budget', {
    budget: {
      budgetName: `daybook-${stage}`,
      budgetType: 'COST',
      timeUnit: 'MONTHLY',
      budgetLimit: { amount: budgetDollarsAMonth, unit: 'USD' },
      costFilters: { TagKeyValue: [`user:daybook:stage$${stage}`] },
    },
    notificationsWithSubscribers: [beyond('ACTUAL', 80), beyond('FORECASTED', 100)],
  })
}
