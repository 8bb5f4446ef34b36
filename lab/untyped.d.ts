// Libraries that come without types.
declare module 'smpp';
declare module 'smtp-server' {
  export const SMTPServer: any;
  export type SMTPServer = any;
  export type SMTPServerOptions = any;
  export type SMTPServerSession = any;
}
