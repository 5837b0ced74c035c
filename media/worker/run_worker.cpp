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
  const auto has = sandbox::enter_namespaces(socket);
  if (!has)
    return fail(has.error());
  const auto jobs = load();
  if (!jobs)
    return fail(jobs.error());
  const auto sandbox = sandbox::confinement::prepare(kind, *options, *has);
  if (!sandbox)
    return fail(sandbox.error());
  (*jobs)->prepare();
  if (auto sent = send_packet(socket, encode(sandbox->report())); !sent)
    return sent.error().code == errc::worker_died ? result<>{} : sent; // the server has closed it
  if (options->sandbox.required && !sandbox->report().is_complete())
    return fail(errc::bad_request, "sandbox.required is set, but these parts are missing: "
                                     + describe_missing(sandbox->report()));
  return serve(socket, *options, **jobs, *sandbox);
}

} // namespace mediad::media
