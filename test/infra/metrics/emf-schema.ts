/** CloudWatch Logs, "Specification: Embedded metric format", JSON schema; units as far as Daybook has them. */
export const EMF_SCHEMA = {
  type: 'object',
  required: ['_aws'],
  properties: {
    _aws: {
      type: 'object',
      required: ['Timestamp', 'CloudWatchMetrics'],
      properties: {
        Timestamp: { type: 'integer' },
        CloudWatchMetrics: {
          type: 'array',
          items: {
            type: 'object',
            required: ['Namespace', 'Dimensions', 'Metrics'],
            properties: {
              Namespace: { type: 'string', minLength: 1, maxLength: 1024 },
              Dimensions: {
                type: 'array',
                minItems: 1,
                items: { type: 'array', maxItems: 30, items: { type: 'string', minLength: 1, maxLength: 250 } },
              },
              Metrics: {
                type: 'array',
                maxItems: 100,
                items: {
                  type: 'object',
                  required: ['Name'],
                  properties: {
                    Name: { type: 'string', minLength: 1, maxLength: 1024 },
                    Unit: { enum: ['Count', 'Milliseconds', 'Percent', 'None'] },
                  },
                },
              },
            },
          },
        },
      },
    },
  },
  // Targets of dimensions are texts, and targets of metrics numbers or up to 100 of them.
  additionalProperties: {
    anyOf: [
      { type: 'string', minLength: 1, maxLength: 1024 },
      { type: 'number' },
      { type: 'array', items: { type: 'number' }, maxItems: 100 },
    ],
  },
} as const
