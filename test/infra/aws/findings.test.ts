import { Stack } from 'aws-cdk-lib'
import { Bucket } from 'aws-cdk-lib/aws-s3'
import { describe, expect, it } from 'vitest'
import { findingsIn } from '../../../infra/aws/findings.ts'
import { STAGES } from '../../../infra/aws/stages.ts'
import { checkedAppOf } from './stage.ts'

describe("AWS' own rules", () => {
  it.each(STAGES)('find nothing in %s that is not explained', (stage) => {
    expect(findingsIn(checkedAppOf(stage).synth().directory)).toEqual([])
  })

  it('stop the synthesis where they find something', () => {
    const app = checkedAppOf('dev')
    new Bucket(new Stack(app, 'careless'), 'bucket')
    expect(() => app.synth()).toThrow(/careless.bucket[\s\S]*AwsSolutions-S10/)
  })
})
