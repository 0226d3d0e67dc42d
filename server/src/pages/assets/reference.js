/** Shows the OpenAPI document; everything that would ask another server is off. */
globalThis.Scalar.createApiReference('#reference', {
  url: '/openapi.json',
  proxyUrl: '',
  telemetry: false,
  withDefaultFonts: false,
  agent: { disabled: true },
  mcp: { disabled: true },
  showDeveloperTools: 'never',
  hideClientButton: true,
});
