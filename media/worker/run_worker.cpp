#include "media/worker/run_worker.hpp"

#include "media/job/json.hpp"
#include "media/job/packets.hpp"
#include "media/worker/sandbox/sandbox.hpp"
#include "media/worker/serve.hpp"

namespace mediad::media {

result<> run_worker(int socket, worker_kind kind,
                    const std::function<result<const job_module*>()>& load) {
  const auto told = receive_packet(socket);
  if (!told)
    return fail(told.error());
  const auto options = decode_settings(*told);
  if (!options)
    return fail(options.error());
  // Before libraries are loaded: they start threads, and then it is too late for namespaces.
  const auto has = enter_namespaces(socket);
  if (!has)
    return fail(has.error());
  const auto jobs = load();
  if (!jobs)
    return fail(jobs.error());
  const auto around = sandbox::prepare(kind, *options, *has);
  if (!around)
    return fail(around.error());
  (*jobs)->warm_up();
  if (auto sent = send_packet(socket, encode(around->report())); !sent)
    return sent.error().code == errc::worker_died ? result<>{} : sent; // the server has closed it
  if (options->sandbox.required && !around->report().is_complete())
    return fail(errc::bad_request, "sandbox.required is set, but these parts are missing: "
                                     + describe_missing(around->report()));
  return serve(socket, *options, **jobs, *around);
}

} // namespace mediad::media
