import type { ISecurityGroup, IVpc } from 'aws-cdk-lib/aws-ec2'
import { Grant, type IRole } from 'aws-cdk-lib/aws-iam'
import type { Variable } from '../lambda/environment.ts'
import { explainWildcard } from './explained.ts'

/** Where a function must lie to reach something. */
export type Placement = { readonly vpc: IVpc; readonly securityGroup: ISecurityGroup }

type Variables<V extends Variable> = { readonly [Name in V]: string }

/**
 * What a function may do with a part of Daybook: the permissions it is granted, and the variables `V` by which it finds the part. A
 * function gets both in one call, so that it never knows what it may not use, or may use what it does not know.
 */
export type Capability<V extends Variable> = {
  readonly variables: Variables<V>
  readonly grantTo: (role: IRole) => void
  readonly placement?: Placement
}

type NamesOf<C> = C extends { readonly variables: infer Variables } ? Extract<keyof Variables, Variable> : never

/** Several capabilities as one. */
export const all = <Parts extends ReadonlyArray<Capability<never>>>(
  ...parts: Parts
): Capability<NamesOf<Parts[number]>> => {
  const placement = parts.find((part) => part.placement !== undefined)?.placement
  return {
    // Each part names its own variables: together they are those of all.
    variables: Object.assign({}, ...parts.map(({ variables }) => variables)),
    grantTo: (role) => {
      for (const part of parts) part.grantTo(role)
    },
    ...(placement !== undefined && { placement }),
  }
}

/** `actions` on `resources`, which are found by `variables`. */
export const allowing = <V extends Variable>(
  variables: Variables<V>,
  actions: ReadonlyArray<string>,
  ...resources: ReadonlyArray<string>
): Capability<V> => ({
  variables,
  grantTo: (grantee) => {
    Grant.addToPrincipal({ grantee, actions: [...actions], resourceArns: [...resources] })
  },
})

/** `actions` on what has no names of its own to be listed here, and why that is so. */
export const allowingAll = (actions: ReadonlyArray<string>, arn: string, reason: string): Capability<never> => ({
  variables: {},
  grantTo: (role) => {
    allowing({}, actions, arn).grantTo(role)
    explainWildcard(role, arn, reason)
  },
})

/** What needs no permission. */
export const knowing = <V extends Variable>(variables: Variables<V>): Capability<V> => ({
  variables,
  grantTo: () => undefined,
})
