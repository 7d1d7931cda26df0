import '@mantine/core/styles.css';
import './style/page.css';
import { MantineProvider } from '@mantine/core';
import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { createRoot } from 'react-dom/client';
import { BrowserRouter } from 'react-router';
import { RedControlError } from '@redcontrol/contract';
import { connectControl } from './connection/control-connection.ts';
import { ControlContext, followControl } from './connection/use-control.ts';
import { App } from './shell/app.tsx';
import { theme, variables } from './style/theme.ts';
import { takeNonce } from './style/nonce.ts';
import { LanguageProvider } from './words/language.tsx';

const nonce = takeNonce();
const connection = connectControl();
const queries = new QueryClient({
  defaultOptions: {
    queries: {
      // Control tells of every change, so that nothing grows old by time alone.
      staleTime: Infinity,
      refetchOnWindowFocus: false,
      networkMode: 'always',
      retry: (failures, error) => failures < 1 && error instanceof RedControlError && error.code === 'INTERNAL',
    },
    mutations: { networkMode: 'always' },
  },
});
followControl(connection, queries);

createRoot(document.getElementById('root')!).render(
  <MantineProvider theme={theme} cssVariablesResolver={variables} defaultColorScheme="auto" getStyleNonce={() => nonce}>
    <QueryClientProvider client={queries}>
      <ControlContext value={connection}>
        <LanguageProvider>
          <BrowserRouter>
            <App />
          </BrowserRouter>
        </LanguageProvider>
      </ControlContext>
    </QueryClientProvider>
  </MantineProvider>,
);
