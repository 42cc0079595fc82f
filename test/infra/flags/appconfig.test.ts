import { AppConfigDataClient } from '@aws-sdk/client-appconfigdata'
import { expect, onTestFinished, test } from 'vitest'
import { appConfigFlags, appConfigSource, POLL_SECONDS } from '../../../infra/flags/appconfig.ts'
import { type Logger, silentLogger } from '../../../infra/log/logger.ts'
import { appConfigStandIn, PLACE } from '../../aws/appconfig.ts'
import { flagsContract } from '../../contracts/flags.ts'

const ON = '{"automatic-invoicing":{"enabled":true,"since":"2026-03-01T00:00:00.000Z","afterHours":24}}'
const OFF = '{"automatic-invoicing":{"enabled":false}}'

/** AppConfig, who asks it, and the clock that both go by. @param pollSeconds how often AppConfig wants to be asked. */
const asking = async (log: Logger = silentLogger, pollSeconds = POLL_SECONDS) => {
  const appConfig = await appConfigStandIn(pollSeconds)
  const client = new AppConfigDataClient({
    endpoint: appConfig.url,
    region: 'eu-west-2',
    maxAttempts: 1,
    credentials: { accessKeyId: 'a', secretAccessKey: 'b' },
  })
  onTestFinished(async () => {
    client.destroy()
    await appConfig.stop()
  })
  let now = 0
  const pass = (seconds: number): void => {
    now += seconds * 1_000
  }
  const [read, flags] = [
    appConfigSource(PLACE, { now: () => now, client }),
    appConfigFlags(PLACE, log, { now: () => now, client }),
  ]
  return { appConfig, pass, read, flags }
}

flagsContract('AppConfig', async (log) => {
  const { appConfig, pass, flags } = await asking(log)
  return {
    flags,
    publish: async (text) => appConfig.publish(text),
    takeAway: async () => appConfig.away(true),
    back: async () => appConfig.away(false),
    pass: async () => pass(POLL_SECONDS),
  }
})

test('AppConfig is asked when somebody wants to know, and no more often than it says', async () => {
  const { appConfig, pass, flags } = await asking(silentLogger, 60)
  expect(appConfig.asked).toEqual([])
  appConfig.publish(ON)
  await Promise.all(Array.from({ length: 10 }, flags.current))
  for (let asked = 0; asked < 10; asked += 1) await flags.current()
  expect(appConfig.asked).toEqual(['POST /configurationsessions', 'GET /configuration'])
  appConfig.publish(OFF)
  pass(59.999)
  expect(await flags.current()).toEqual(JSON.parse(ON))
  pass(0.001)
  expect(await flags.current()).toEqual(JSON.parse(OFF))
  expect(appConfig.asked.slice(2)).toEqual(['GET /configuration'])
})

test('AppConfig that is away is not asked more often for that', async () => {
  const { appConfig, pass, flags } = await asking()
  appConfig.away(true)
  for (let asked = 0; asked < 10; asked += 1) await flags.current()
  expect(appConfig.asked).toHaveLength(1)
  pass(POLL_SECONDS)
  await flags.current()
  expect(appConfig.asked).toHaveLength(2)
})

test('a session that is over is followed by another, which tells everything anew', async () => {
  const { appConfig, pass, read } = await asking()
  appConfig.publish(ON)
  expect(await read()).toBe(ON)
  pass(POLL_SECONDS)
  expect(await read()).toBeNull()
  appConfig.forget()
  pass(POLL_SECONDS)
  await expect(read()).rejects.toThrow('BadRequestException')
  pass(POLL_SECONDS)
  expect(await read()).toBe(ON)
})
