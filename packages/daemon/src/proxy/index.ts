export * from './basic-auth.ts';
export * from './proxy.ts';
export * from './render-config.ts';
export * from './render-maps.ts';
export * from './site.ts';
export * from './site-stats.ts';
export * from './spawn-haproxy.ts';
export * from './switch-traffic.ts';
