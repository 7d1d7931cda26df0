import { join } from 'node:path';

/** Where HAProxy listens and where its files are. */
export interface ProxySettings {
  directory: string;
  runDirectory: string;
  httpPort: number;
  httpsPort: number;
  /** Listen on IPv6 too; the machine must have it. */
  ipv6: boolean;
  /** User and group that HAProxy's worker drops to. */
  user?: string;
}

export interface ProxyPaths {
  config: string;
  routes: string;
  redirects: string;
  secure: string;
  maintenance: string;
  /** Networks that some site in maintenance lets in, and which lets which. */
  networks: string;
  letIn: string;
  certificateList: string;
  pages: string;
  socket: string;
  masterSocket: string;
}

/** Files of HAProxy in its directory, sockets in the run directory. */
export function proxyPaths(settings: Pick<ProxySettings, 'directory' | 'runDirectory'>): ProxyPaths {
  const { directory, runDirectory } = settings;
  return {
    config: join(directory, 'haproxy.cfg'),
    routes: join(directory, 'routes.map'),
    redirects: join(directory, 'redirects.map'),
    secure: join(directory, 'secure.map'),
    maintenance: join(directory, 'maintenance.map'),
    networks: join(directory, 'networks.map'),
    letIn: join(directory, 'let-in.map'),
    certificateList: join(directory, 'certificates.list'),
    pages: join(directory, 'pages'),
    socket: join(runDirectory, 'haproxy.sock'),
    masterSocket: join(runDirectory, 'haproxy-master.sock'),
  };
}
