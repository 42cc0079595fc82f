import { Stack } from 'aws-cdk-lib'
import { StringParameter } from 'aws-cdk-lib/aws-ssm'
import type { Construct } from 'constructs'
import { all } from '../capability.ts'
import type { Data } from '../data.ts'

/**
 * Tells whoever operates a stage where its parts are: `/daybook/<stage>/engines`, the variables of the functions as one JSON object, the
 * region and the URL of the API. Who may use them, IAM says.
 */
export const tellEngines = (scope: Construct, stage: string, apiUrl: string, data: Data): void => {
  const { store, personal, signing, buckets, engines, identity, bus, flags } = data
  const { variables } = all(
    store.appending(),
    personal.sealing(),
    signing.signing(),
    buckets.trail.reading('DAYBOOK_TRAIL_BUCKET'),
    buckets.exports.reading('DAYBOOK_EXPORT_BUCKET'),
    engines.postgres.owning(),
    engines.postgres.projecting(),
    engines.postgres.reading(),
    engines.search.reading(),
    identity.accepting(),
    bus.publishing(),
    flags.reading(),
  )
  const failuresBucket = buckets.failures.bucket.bucketName
  new StringParameter(scope, 'engines', {
    parameterName: `/daybook/${stage}/engines`,
    description: 'Where the parts of Daybook are',
    stringValue: Stack.of(scope).toJsonString({ region: Stack.of(scope).region, apiUrl, failuresBucket, ...variables }),
  })
}
