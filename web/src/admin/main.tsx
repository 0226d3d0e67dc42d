/** The back office's entry. */
import { RouterProvider } from '@tanstack/react-router';
import { start } from '../shop/start.tsx';
import { loadMessages } from './i18n/messages.ts';
import { router } from './router.tsx';
import { Entrance } from './ui/entrance.tsx';

void start(
  <Entrance>
    <RouterProvider router={router} />
  </Entrance>,
  loadMessages,
);
