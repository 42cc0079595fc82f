import { ManagedPolicy, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam'
import type { Construct } from 'constructs'
import type { Placement } from '../capability.ts'
import { explainManagedPolicy } from '../explained.ts'

const NETWORK_POLICY = 'service-role/AWSLambdaVPCAccessExecutionRole'

/** A function's role, that may do nothing yet; in a network, what Lambda itself asks for. */
export const functionRole = (scope: Construct, id: string, placement?: Placement): Role => {
  const role = new Role(scope, id, { assumedBy: new ServicePrincipal('lambda.amazonaws.com') })
  if (placement !== undefined) {
    role.addManagedPolicy(ManagedPolicy.fromAwsManagedPolicyName(NETWORK_POLICY))
    explainManagedPolicy(role, NETWORK_POLICY, 'Network interfaces have no names before Lambda makes them')
  }
  return role
}
