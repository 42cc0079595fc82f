import type { ISecurityGroup, IVpc } from 'aws-cdk-lib/aws-ec2'
import { Grant, type IGrantable } from 'aws-cdk-lib/aws-iam'
import type { Variable } from '../lambda/environment.ts'

/** Where a function must lie to reach something. */
export type Placement = { readonly vpc: IVpc; readonly securityGroup: ISecurityGroup }

type Variables<V extends Variable> = { readonly [Name in V]: string }

/**
 * What a function may do with a part of Daybook: the permissions it is granted, and the variables `V` by which it finds the part. A
 * function gets both in one call, so that it never knows what it may not use, or may use what it does not know.
 */
export type Capability<V extends Variable> = {
  readonly variables: Variables<V>
  readonly grantTo: (grantee: IGrantable) => void
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
    grantTo: (grantee) => {
      for (const part of parts) part.grantTo(grantee)
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

/** What needs no permission. */
export const knowing = <V extends Variable>(variables: Variables<V>): Capability<V> => ({
  variables,
  grantTo: () => undefined,
})
