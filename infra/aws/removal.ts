import { RemovalPolicy } from 'aws-cdk-lib'

/** What becomes of data when its stack, or it itself in the stack, is deleted. */
export const removalPolicyOf = (keepsData: boolean): RemovalPolicy =>
  keepsData ? RemovalPolicy.RETAIN : RemovalPolicy.DESTROY
