import { type Problem, problem } from '../../schemas/problem.ts'

export const ORDER_NOT_FOUND = { status: 404, code: 'order_not_found' } as const

export const orderNotFound: Problem = problem(404, ORDER_NOT_FOUND.code, 'There is no such order')
