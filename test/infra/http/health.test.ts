import { expect, test } from 'vitest'
import { healthRoutes } from '../../../infra/http/health.ts'

const up = async () => 'fine'
const down = async () => {
  throw new Error('connection refused')
}

test('ready when every part answers', async () => {
  const response = await healthRoutes({ postgres: up, search: up }, () => 'id').request('/health/ready')
  expect(response.status).toBe(200)
})

test('not ready names what is down, and only that', async () => {
  const response = await healthRoutes({ postgres: up, search: down, feeds: down }, () => 'id').request('/health/ready')
  expect(response.status).toBe(503)
  expect(await response.json()).toMatchObject({ code: 'not_ready', detail: 'Down: search, feeds' })
})

test('live says nothing of the parts', async () => {
  expect((await healthRoutes({ postgres: down }, () => 'id').request('/health/live')).status).toBe(200)
})
