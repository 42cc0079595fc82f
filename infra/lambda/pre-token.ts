import type { PreTokenGenerationV2TriggerEvent } from 'aws-lambda'

/**
 * Cognito's trigger before it issues tokens, version 2 of its event: the user's tenant and groups become the claims `tenant` and `roles`
 * of the access token. A user without a tenant gets no such claim, and the API accepts no token without.
 */
export const handler = async (event: PreTokenGenerationV2TriggerEvent) => {
  const tenant = event.request.userAttributes['custom:tenant']
  const roles = event.request.groupConfiguration.groupsToOverride ?? []
  const claimsToAddOrOverride = { ...(tenant !== undefined && { tenant }), roles }
  return { ...event, response: { claimsAndScopeOverrideDetails: { accessTokenGeneration: { claimsToAddOrOverride } } } }
}
