import { Stack, Validations } from 'aws-cdk-lib'
import { flattenCfnReference } from 'cdk-nag/lib/utils/flatten-cfn-reference.js'
import type { IConstruct } from 'constructs'

/** Says why what a rule of AWS' own (cdk-nag) finds at a construct, or below it, is meant to be so. */
export const explain = (construct: IConstruct, reasons: { readonly [rule: string]: string }): void => {
  const acknowledged = Object.entries(reasons).map(([rule, reason]) => ({ id: `AwsSolutions-${rule}`, reason }))
  Validations.of(construct).acknowledge(...acknowledged)
}

/** The same of an ARN that ends in a wildcard. */
export const explainWildcard = (construct: IConstruct, arn: string, reason: string): void => {
  const resource = flattenCfnReference(Stack.of(construct).resolve(arn))
  explain(construct, { [`IAM5[Resource::${resource}]`]: reason })
}

/** The same of a policy of AWS' own, by its path. */
export const explainManagedPolicy = (construct: IConstruct, path: string, reason: string): void => {
  explain(construct, { [`IAM4[Policy::arn:<AWS::Partition>:iam::aws:policy/${path}]`]: reason })
}
