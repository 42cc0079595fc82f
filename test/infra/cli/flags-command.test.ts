import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { flagsFileIn } from '../../../infra/flags/file.ts'
import { appConfigStandIn, PLACE } from '../../aws/appconfig.ts'
import { standIn } from '../../aws/stand-in.ts'
import { daybook, newDataDir, started } from './command-line.ts'

const flagsOf = (dataDir: string, ...args: ReadonlyArray<string>) => daybook('--data-dir', dataDir, 'flags', ...args)
const NOW_ON = ['set', 'automatic-invoicing', '--enabled', '--after-hours', '0.5'] as const
const SINCE = '2026-03-01T00:00:00.000Z'
const ON = [...NOW_ON, '--since', SINCE] as const

/** What a stage says of its parts. */
const STAGE = {
  apiUrl: 'https://api.example',
  DAYBOOK_EVENT_TABLE: 'events',
  DAYBOOK_OBJECTS_BUCKET: 'objects',
  DAYBOOK_SUBJECT_KEY_TABLE: 'subject-keys',
  DAYBOOK_PERSONAL_KEY: 'personal',
  DAYBOOK_TRAIL_BUCKET: 'trail',
  DAYBOOK_SIGNING_KEY: 'signing',
  DAYBOOK_EVENT_BUS: 'bus',
  DAYBOOK_TIME_BOUNDS: 'aws',
  DAYBOOK_OWNER_URL: 'postgresql://owner@db.example/daybook',
  DAYBOOK_OPENSEARCH_URL: 'https://search.example',
  DAYBOOK_OPENSEARCH_AUTH: 'iam',
  DAYBOOK_FLAGS_APPLICATION: PLACE.application,
  DAYBOOK_FLAGS_ENVIRONMENT: PLACE.environment,
  DAYBOOK_FLAGS_PROFILE: PLACE.profile,
}

test('flags of an instance are off until they are set, and tell where they are said', async () => {
  const dataDir = join(newDataDir(), 'made')
  const file = flagsFileIn(dataDir)
  const none = await flagsOf(dataDir)
  expect(none.stdout).toBe(`automatic-invoicing is off\n(${file}, which is not there)\n`)
  const set = await flagsOf(dataDir, ...ON, '--tenant', 'acme', '--tenant', 'beta', '--tenant', 'acme')
  const on = `automatic-invoicing is on: orders of acme, beta since ${SINCE} are invoiced after 0.5 h\n(${file})\n`
  expect(set).toEqual({ code: 0, stdout: on, stderr: '' })
  expect((await flagsOf(dataDir)).stdout).toBe(on)
  expect((await flagsOf(dataDir, ...ON)).stdout).toContain('orders of every tenant since 2026-')
  await flagsOf(dataDir, 'set', 'automatic-invoicing', '--disabled')
  expect(JSON.parse(readFileSync(file, 'utf8'))).toEqual({ 'automatic-invoicing': { enabled: false } })
  const { stdout } = await flagsOf(dataDir, '--json')
  expect(JSON.parse(stdout)).toEqual({ from: file, flags: { 'automatic-invoicing': { enabled: false } } })
  expect(readdirSync(dataDir)).toEqual(['flags.json'])
})

test.each([
  [['set', 'automatic-invoicing'], '--enabled or --disabled'],
  [['set', 'automatic-invoicing', '--enabled'], '--after-hours'],
  [['set', 'automatic-invoicing', '--enabled', '--after-hours', '8761'], 'a number of hours from 0 to 8760'],
  [['set', 'automatic-invoicing', '--enabled', '--after-hours', ''], 'a number of hours from 0 to 8760'],
  [[...ON, '--disabled'], "'--disabled' cannot be used"],
  [[...ON, '--tenant', 'Acme'], '1 to 40 of a-z'],
  [[...ON, ...Array.from({ length: 26 }, (_, nth) => `--tenant=t${nth}`)], 'a list of 0 to 25 items'],
  [[...NOW_ON, '--since', 'yesterday'], 'a time like'],
  [[...ON, '--stage', 'dev'], 'daybook-<stage>-flags'],
  [['set', 'automatic-invoicng', '--disabled'], 'no flag automatic-invoicng'],
])('what cannot be set is wrong usage, and sets nothing: %j', async (args, told) => {
  const dataDir = newDataDir()
  const { code, stderr } = await flagsOf(dataDir, ...args)
  expect({ code, stderr }).toEqual({ code: 2, stderr: expect.stringContaining(told) })
  expect(readdirSync(dataDir)).toEqual([])
})

test('a file that does not hold is told by its faults, and is not written over', async () => {
  const dataDir = newDataDir()
  const text = '{"automatic-invoicing":{"enabled":true}}'
  writeFileSync(flagsFileIn(dataDir), text)
  for (const args of [[], ON]) {
    const { code, stderr } = await flagsOf(dataDir, ...args)
    const told = `error: the flags of ${flagsFileIn(dataDir)} do not hold: /automatic-invoicing/since is required; /automatic-invoicing/afterHours is required\n`
    expect({ code, stderr }).toEqual({ code: 1, stderr: told })
  }
  expect(readFileSync(flagsFileIn(dataDir), 'utf8')).toBe(text)
})

test('flags of a stage are those of AppConfig; where they are not to be had, that is told', async () => {
  const appConfig = await appConfigStandIn(30)
  const ssm = await standIn(() => ({
    status: 200,
    headers: { 'Content-Type': 'application/x-amz-json-1.1' },
    body: JSON.stringify({ Parameter: { Value: JSON.stringify(STAGE) } }),
  }))
  const onStage = () =>
    started(['--stage', 'dev', 'flags'], {
      AWS_REGION: 'eu-west-2',
      AWS_ACCESS_KEY_ID: 'a',
      AWS_SECRET_ACCESS_KEY: 'b',
      AWS_ENDPOINT_URL_SSM: ssm.url,
      AWS_ENDPOINT_URL_APPCONFIGDATA: appConfig.url,
    }).finished
  try {
    appConfig.publish(`{"automatic-invoicing":{"enabled":true,"since":"${SINCE}","afterHours":24}}`)
    expect(await onStage()).toEqual({
      code: 0,
      stdout: `automatic-invoicing is on: orders of every tenant since ${SINCE} are invoiced after 24 h\n(AppConfig, application daybook, environment dev)\n`,
      stderr: '',
    })
    appConfig.away(true)
    const { code, stdout, stderr } = await onStage()
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' })
    expect(stderr).toMatch(/^error: the flags cannot be read from AppConfig.*AccessDeniedException/)
  } finally {
    await Promise.all([appConfig.stop(), ssm.stop()])
  }
})
